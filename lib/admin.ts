import { changePassword } from "./accounts/change-password.ts";
import { createToken } from "./accounts/create-token.ts";
import { createUser } from "./accounts/create-user.ts";
import { disableUser } from "./accounts/disable-user.ts";
import { enableUser } from "./accounts/enable-user.ts";
import { resetPassword } from "./accounts/reset-password.ts";
import { revokeOtherSessions } from "./accounts/revoke-other-sessions.ts";
import { revokeSession } from "./accounts/revoke-session.ts";
import { revokeToken } from "./accounts/revoke-token.ts";
import { setUserRole } from "./accounts/set-user-role.ts";
import { dropAnswers } from "./answers/drop-answers.ts";
import { replayQuarantined } from "./events/replay-quarantined.ts";
import { revealEvent } from "./events/reveal-event.ts";
import { rotateMasterKey } from "./privacy/rotate-master-key.ts";
import { planStatement } from "./queries/plan-statement.ts";

/** Every verb that web console, API and command line offer; run with `runAdminAction`. */
export const adminActions = {
  changePassword,
  createToken,
  createUser,
  disableUser,
  dropAnswers,
  enableUser,
  planStatement,
  replayQuarantined,
  resetPassword,
  revealEvent,
  revokeOtherSessions,
  revokeSession,
  revokeToken,
  rotateMasterKey,
  setUserRole,
};
