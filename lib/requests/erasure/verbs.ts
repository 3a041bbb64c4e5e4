import { work } from "../work.ts";
import { createExecuteRequest } from "./execute-request.ts";
import { createResumeRequest } from "./resume-request.ts";

export const erasureVerbs = {
  executeRequest: createExecuteRequest(work),
  resumeRequest: createResumeRequest(work),
};
