import { z } from "zod";

/** What people call a request by. */
export const requestNumber = z.int().positive();

/** Its version as it was shown: sent along, nobody acts on what somebody else changed meanwhile. */
export const versionInput = z.int().positive().optional();
