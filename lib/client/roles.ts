import type { Role } from "../env/sign-in-variables.ts";

/** Names and reach of roles for hiding what the server would refuse; a test keeps them equal to lib/auth/roles.ts. */
export const roleNames: Record<Role, string> = {
  viewer: "Viewer",
  operator: "Operator",
  privacy_officer: "Privacy officer",
  admin: "Administrator",
};

const reach: Record<Role, readonly Role[]> = {
  viewer: ["viewer"],
  operator: ["viewer", "operator"],
  privacy_officer: ["viewer", "privacy_officer"],
  admin: ["viewer", "operator", "privacy_officer", "admin"],
};

export function roleReaches(role: Role, needed: Role): boolean {
  return reach[role].includes(needed);
}
