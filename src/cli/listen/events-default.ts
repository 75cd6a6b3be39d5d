/** What `listen` subscribes to unless told: the modules that nearly everybody has. */
export const eventsDefault: readonly string[] = ["Leads", "Accounts", "Contacts", "Deals", "Tasks", "Events", "Calls"].map(
  (module) => `${module}.all`,
);
