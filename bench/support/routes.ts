/** Pages of a target and of the settings, as a person opens them. */
export const routes = [
  "/audit/overview",
  "/audit/connections",
  "/audit/caches",
  "/audit/partitions",
  "/audit/queries",
  "/settings/targets",
] as const;
