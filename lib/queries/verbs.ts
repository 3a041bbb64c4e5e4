import { planStatement } from "./plan-statement.ts";

export const queriesVerbs = { planStatement };
