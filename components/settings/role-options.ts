import { roleNames } from "@/lib/client/roles.ts";
import type { Role } from "@/lib/env/sign-in-variables.ts";

export const roleOptions = Object.entries(roleNames) as [Role, string][];

/** What a role means, for whoever gives it. */
export const roleRights: Record<Role, string> = {
  viewer: "Sees every page and figure; changes nothing but their own password and sessions.",
  operator: "Also operates the databases: statement plans and, where configured, maintenance.",
  privacy_officer: "Sees what a viewer sees, plus data-subject requests, shared only with administrators.",
  admin: "Everything, these settings included.",
};
