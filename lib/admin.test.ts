import { expect, test } from "vitest";
import { accountsVerbs } from "./accounts/verbs.ts";
import { adminActions, type BrowserActionName, findBrowserAction } from "./admin.ts";
import { AppError } from "./errors.ts";

/** Whoever lets pages call another verb says so here as well. */
const offered: Record<BrowserActionName, true> = {
  changePassword: true,
  createToken: true,
  createUser: true,
  disableUser: true,
  dropAnswers: true,
  enableUser: true,
  planStatement: true,
  replayQuarantined: true,
  resetPassword: true,
  revealEvent: true,
  revokeOtherSessions: true,
  revokeSession: true,
  revokeToken: true,
  setUserRole: true,
};

function refusal(name: string): unknown {
  try {
    return findBrowserAction(name).name;
  } catch (thrown) {
    return thrown instanceof AppError ? { code: thrown.code, message: thrown.message } : thrown;
  }
}

test("pages find what they are offered and nothing else, the master key's rotation among what they do not", () => {
  const found = Object.keys(adminActions).filter((name) => typeof refusal(name) === "string");
  expect(found.sort()).toEqual(Object.keys(offered));
  expect(findBrowserAction("createUser")).toBe(accountsVerbs.createUser);
  expect(refusal("rotateMasterKey")).toEqual({
    code: "NOT_FOUND",
    message: 'Pages have no action named "rotateMasterKey".',
  });
});

test("a name that is no verb of ours is not found, whatever every object has by it", () => {
  for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty", "createuser", ""]) {
    expect(refusal(name), name).toEqual({
      code: "NOT_FOUND",
      message: `Pages have no action named "${name}".`,
    });
  }
});

test("each verb is recorded by a name of its own", () => {
  const names = Object.values(adminActions).map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
