import { dropAnswersJob } from "./drop-answers-job.ts";

export const answersJobs = [dropAnswersJob];
