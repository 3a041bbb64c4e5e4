import { rotateMasterKey } from "./rotate-master-key.ts";

export const privacyVerbs = { rotateMasterKey };
