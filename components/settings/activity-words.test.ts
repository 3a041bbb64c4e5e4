import { expect, test } from "vitest";
import { activityWords } from "./activity-words.ts";

const row = { outcome: "success" as const, objectName: null, detail: {} };

test.each([
  [{ ...row, action: "sign-in.password" }, "signed in"],
  [
    {
      ...row,
      action: "user.set-role",
      objectName: "ann@example.test",
      detail: { from: "viewer", to: "operator" },
    },
    "changed the role of ann@example.test from Viewer to Operator",
  ],
  [
    { ...row, action: "user.create", objectName: "ann@example.test", detail: { role: "viewer" } },
    "created the account ann@example.test as Viewer",
  ],
  [
    { ...row, action: "session.revoke", detail: { user: "ann@example.test" } },
    "ended a session of ann@example.test",
  ],
  [
    { ...row, action: "job.cancel", objectName: "privacy.rewrap_keys" },
    "cancelled the job privacy.rewrap_keys",
  ],
  [
    { ...row, action: "token.create", outcome: "refused" as const, objectName: "ci" },
    "tried to make the API token ci",
  ],
  [
    { ...row, action: "sign-in.password", outcome: "refused" as const, objectName: "ann@example.test" },
    "tried to sign in as ann@example.test",
  ],
  [{ ...row, action: "signing_key.rotate" }, "replaced the signing key"],
  [{ ...row, action: "partition.detach-one", objectName: "p1" }, "did partition detach one p1"],
])("%o reads as a sentence", (given, words) => {
  expect(activityWords(given)).toBe(words);
});
