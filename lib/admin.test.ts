import { expect, test } from "vitest";
import { accountsVerbs } from "./accounts/verbs.ts";
import { adminActions, type BrowserActionName, findAction, listActions } from "./admin.ts";
import { AppError } from "./errors.ts";
import { doors } from "./verbs/admin-action.ts";

/** Whoever lets pages call another verb says so here as well. */
const offered: Record<BrowserActionName, true> = {
  acknowledgeIncident: true,
  acknowledgeRequest: true,
  addRequestFile: true,
  addRequestNote: true,
  allowRestricted: true,
  approveRequest: true,
  approveUpkeep: true,
  askClarification: true,
  askFee: true,
  askIdentity: true,
  assignIncident: true,
  attachPartition: true,
  cancelJob: true,
  cancelSession: true,
  changePassword: true,
  closeIncident: true,
  closeRequest: true,
  commentOnIncident: true,
  createGuardedSilence: true,
  createPackageLink: true,
  createPartitions: true,
  createSilence: true,
  createToken: true,
  createUser: true,
  decideRequest: true,
  detachPartition: true,
  disableUser: true,
  dropAnswers: true,
  enableChannel: true,
  enableMaintenanceWindow: true,
  enableUser: true,
  endSilence: true,
  erasePolicy: true,
  executeRequest: true,
  extendRequest: true,
  finalizePartition: true,
  importRequests: true,
  importThresholds: true,
  leavePartman: true,
  liftRestriction: true,
  linkDuplicate: true,
  maintainPartitions: true,
  moveRoute: true,
  openRequest: true,
  pauseSchedule: true,
  pauseUpkeep: true,
  placeHold: true,
  planStatement: true,
  reauthenticate: true,
  recordClarification: true,
  recordFee: true,
  recordIdentity: true,
  recordResponse: true,
  recordWithdrawal: true,
  redactValues: true,
  refuseRequest: true,
  releaseHold: true,
  remakePackage: true,
  removeChannel: true,
  removeIntakeSource: true,
  removeMaintenanceWindow: true,
  removeRoute: true,
  removeUpkeep: true,
  repairPartition: true,
  replayLedger: true,
  replayQuarantined: true,
  resetPassword: true,
  resetThreshold: true,
  restrictSubject: true,
  resumeRequest: true,
  resumeSchedule: true,
  resumeUpkeep: true,
  retryJob: true,
  revealEvent: true,
  revealOthers: true,
  revokeOtherSessions: true,
  revokeSession: true,
  revokeToken: true,
  rotateSigningKey: true,
  runPartmanMaintenance: true,
  runUpkeep: true,
  saveIntakeSource: true,
  scanRequest: true,
  scopeRequest: true,
  setChannel: true,
  setController: true,
  setGuardedThresholds: true,
  setMaintenanceWindow: true,
  setRoute: true,
  setThreshold: true,
  setUpkeep: true,
  setUserRole: true,
  showPackagePassphrase: true,
  snoozeIncident: true,
  terminateSession: true,
  testChannel: true,
  trustReceiptKey: true,
  tryIdle: true,
  unacknowledgeIncident: true,
  viewRequestPerson: true,
  viewSubject: true,
  withdrawRequest: true,
  writeLetter: true,
};

function refusal(name: string): unknown {
  try {
    return findAction("browser", name).name;
  } catch (thrown) {
    return thrown instanceof AppError ? { code: thrown.code, message: thrown.message } : thrown;
  }
}

test("pages find what they are offered and nothing else, the master key's rotation among what they do not", () => {
  const found = Object.keys(adminActions).filter((name) => typeof refusal(name) === "string");
  expect(found.sort()).toEqual(Object.keys(offered));
  expect(findAction("browser", "createUser")).toBe(accountsVerbs.createUser);
  expect(refusal("rotateMasterKey")).toEqual({
    code: "NOT_FOUND",
    message: '"rotateMasterKey" is not offered by pages.',
  });
});

test("a name that is no verb of ours is not found, whatever every object has by it", () => {
  for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty", "createuser", ""]) {
    expect(refusal(name), name).toEqual({
      code: "NOT_FOUND",
      message: `There is no action named "${name}".`,
    });
  }
});

test("a door that does not offer a verb says why, in words", () => {
  for (const [name, { notOffered = {} }] of listActions())
    for (const [door, reason] of Object.entries(notOffered)) {
      expect(doors).toContain(door);
      expect([name, reason]).toEqual([name, expect.stringMatching(/^[A-Z].* .* .*\.$/)]);
    }
  expect(() => findAction("api", "rotateMasterKey")).toThrow(
    expect.objectContaining({ code: "NOT_FOUND", hint: adminActions.rotateMasterKey.notOffered?.api }),
  );
});

test("each verb that the API offers says what it answers", () => {
  const silent = listActions().filter(
    ([, { answer, notOffered }]) => !answer && notOffered?.api === undefined,
  );
  expect(silent.map(([name]) => name)).toEqual([]);
});

test("each verb is recorded by a name of its own", () => {
  const names = Object.values(adminActions).map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
