/** Mantine's theme. Colours are in tokens.css: the variables are static there, so that no style element has to be made at run time. */
import { Modal, createTheme } from "@mantine/core";

export const theme = createTheme({
  primaryColor: "indigo",
  primaryShade: { light: 8, dark: 8 },
  defaultRadius: "md",
  respectReducedMotion: true,
  cursorType: "pointer",
  components: {
    // Locking the scroll would inject a style element, which the server's policy forbids; tokens.css does it.
    Modal: Modal.extend({ defaultProps: { lockScroll: false, centered: true, transitionProps: { duration: 120 } } }),
  },
});
