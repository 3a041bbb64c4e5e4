import { expect, test } from "vitest";
import { systemActor } from "./actor.ts";
import { assertCan, can, roles } from "./roles.ts";

test("viewer, operator and admin are a ladder; the privacy officer stands beside it", () => {
  const table = Object.fromEntries(
    roles.map((role) => [role, roles.filter((needed) => can(role, needed)).join(" ")]),
  );
  expect(table).toEqual({
    viewer: "viewer",
    operator: "viewer operator",
    privacy_officer: "viewer privacy_officer",
    admin: "viewer operator privacy_officer admin",
  });
});

test("nobody, too little and an unchanged one-time password are told apart", () => {
  const viewer = { ...systemActor("test"), kind: "user" as const, role: "viewer" as const };
  expect(() => assertCan(null, "viewer")).toThrow(expect.objectContaining({ code: "UNAUTHENTICATED" }));
  expect(() => assertCan(viewer, "admin")).toThrow(/needs the role Administrator; you are Viewer/);
  const fresh = { ...viewer, mustChangePassword: true };
  expect(() => assertCan(fresh, "viewer")).toThrow(/one-time password/);
  expect(() => assertCan(fresh, "viewer", { beforePasswordChange: true })).not.toThrow();
  expect(() => assertCan(fresh, "admin", { beforePasswordChange: true })).toThrow(/needs the role/);
});
