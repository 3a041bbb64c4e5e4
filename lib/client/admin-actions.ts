import {
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
  setUserRole,
} from "@/app/actions/admin";

/** The admin verbs a browser may call, by the name `useAdminAction` takes. A new verb is one word here. */
export const adminActions = {
  createUser,
  setUserRole,
  disableUser,
  enableUser,
  resetPassword,
  changePassword,
  createToken,
  revokeToken,
  revokeSession,
  revokeOtherSessions,
  revealEvent,
  replayQuarantined,
  dropAnswers,
  planStatement,
};
