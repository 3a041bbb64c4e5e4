import { scopeRequest } from "./scope-request.ts";

export const scopeVerbs = { scopeRequest };
