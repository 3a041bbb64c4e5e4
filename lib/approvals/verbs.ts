import { createApprove, type FindAction } from "./approve.ts";
import { refuse } from "./refuse.ts";
import { withdraw } from "./withdraw.ts";

/** @param find every verb that can be asked for, by its name */
export const createApprovalsVerbs = (find: FindAction) => ({
  approveRequest: createApprove(find),
  refuseRequest: refuse,
  withdrawRequest: withdraw,
});
