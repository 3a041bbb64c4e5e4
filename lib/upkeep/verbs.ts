import { approveUpkeep } from "./approve-upkeep.ts";
import { pauseUpkeep } from "./pause-upkeep.ts";
import { removeUpkeep } from "./remove-upkeep.ts";
import { resumeUpkeep } from "./resume-upkeep.ts";
import { runUpkeep } from "./run-upkeep.ts";
import { setUpkeep } from "./set-upkeep.ts";

export const upkeepVerbs = { setUpkeep, approveUpkeep, pauseUpkeep, resumeUpkeep, runUpkeep, removeUpkeep };
