import { cancelJob } from "./cancel-job.ts";
import { pauseSchedule } from "./pause-schedule.ts";
import { resumeSchedule } from "./resume-schedule.ts";
import { retryJob } from "./retry-job.ts";

export const workVerbs = { cancelJob, pauseSchedule, resumeSchedule, retryJob };
