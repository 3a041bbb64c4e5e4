import { defineAdminAction } from "../verbs/admin-action.ts";
import { putThresholds, thresholdsAnswer, thresholdsInput } from "./put-thresholds.ts";

/** Sets many thresholds at once, all or none; what is not named stays as it is. */
export const importThresholds = defineAdminAction({
  name: "check.import",
  role: "operator",
  target: "or all",
  input: thresholdsInput,
  answer: thresholdsAnswer,
  object: () => ({ type: "check", id: "*" }),
  async run(context, input) {
    const set = await putThresholds(context, input, { approved: false });
    return { ...set, object: { type: "check", id: "*", name: "thresholds of a file" } };
  },
});
