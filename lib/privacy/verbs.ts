import { rotateMasterKey } from "./rotate-master-key.ts";
import { rotateSigningKey } from "./rotate-signing-key.ts";

export const privacyVerbs = { rotateMasterKey, rotateSigningKey };
