import { scanRequest } from "./scan-request.ts";

export const scanVerbs = { scanRequest };
