/** Light, dark, or as the system has it; remembered by the browser. */
import { type MantineColorScheme, NativeSelect, useMantineColorScheme } from "@mantine/core";

const schemes: readonly { readonly value: MantineColorScheme; readonly label: string }[] = [
  { value: "auto", label: "As the system" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
];

export function SchemeSwitch() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <NativeSelect
      size="xs"
      label="Colours"
      value={colorScheme}
      data={[...schemes]}
      onChange={(event) => setColorScheme(schemes.find(({ value }) => value === event.currentTarget.value)?.value ?? "auto")}
    />
  );
}
