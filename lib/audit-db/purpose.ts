/** Each purpose is a role of its own on the audit database, with a pool of its own. */
export type Purpose = "watch" | "read" | "write" | "maintenance" | "privacy" | "explain";
