import { changePassword } from "./change-password.ts";
import { createToken } from "./create-token.ts";
import { createUser } from "./create-user.ts";
import { disableUser } from "./disable-user.ts";
import { enableUser } from "./enable-user.ts";
import { reauthenticate } from "./reauthenticate.ts";
import { resetPassword } from "./reset-password.ts";
import { revokeOtherSessions } from "./revoke-other-sessions.ts";
import { revokeSession } from "./revoke-session.ts";
import { revokeToken } from "./revoke-token.ts";
import { setUserRole } from "./set-user-role.ts";

export const accountsVerbs = {
  changePassword,
  createToken,
  createUser,
  disableUser,
  enableUser,
  reauthenticate,
  resetPassword,
  revokeOtherSessions,
  revokeSession,
  revokeToken,
  setUserRole,
};
