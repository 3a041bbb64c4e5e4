import { expect, test } from "vitest";
import { roleNames as authRoleNames, can, roles } from "../auth/roles.ts";
import { roleNames, roleReaches } from "./roles.ts";

test("the browser names and ranks roles as the server does", () => {
  expect(roleNames).toEqual(authRoleNames);
  for (const role of roles)
    for (const needed of roles)
      expect([role, needed, roleReaches(role, needed)]).toEqual([role, needed, can(role, needed)]);
});
