/** Drawings beside words; they say nothing that the words do not. */
const paths = {
  home: "M3 11 12 4l9 7M6 9.5V20h12V9.5",
  channels: "M5 12a7 7 0 0 1 7-7M5 12a7 7 0 0 0 7 7M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6M19 5v14",
  deliveries: "M4 12h13M12 6l6 6-6 6M4 5v3M4 16v3",
  question: "M9 9a3 3 0 1 1 4.5 2.6c-1 .6-1.5 1.2-1.5 2.4M12 18h.01",
  records: "M5 5h14v14H5zM5 10h14M10 10v9",
  inbox: "M4 13h5l1.5 3h3L15 13h5M4 13 7 5h10l3 8v6H4z",
  clock: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16M12 8v4l3 2",
  settings: "M4 7h9M17 7h3M4 17h3M11 17h9M15 5v4M9 15v4",
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg
      width="18"
      height="18"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={paths[name]} />
    </svg>
  );
}

/** The sign of Watchpost: a post that sends. */
export function Mark() {
  return (
    <svg width="24" height="24" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="#3b5bdb" />
      <path d="M16 6a9 9 0 0 1 9 9M16 11.5a3.5 3.5 0 0 1 3.5 3.5" fill="none" stroke="#fff" strokeWidth="3" strokeLinecap="round" />
      <circle cx="14" cy="17" r="3" fill="#fff" />
      <path d="M12.6 19.5 9 26h10l-3.6-6.5" fill="#fff" />
    </svg>
  );
}
