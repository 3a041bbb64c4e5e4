import { z } from "zod";
import { eventVariables } from "./event-variables.ts";
import { notificationVariables } from "./notification-variables.ts";
import { operationVariables } from "./operation-variables.ts";
import { processVariables } from "./process-variables.ts";
import { signInVariables } from "./sign-in-variables.ts";
import { targetVariables } from "./target-variables.ts";

/** Every variable the product reads. `describe` is the text of docs/configuration.md. */
export const envSchema = z.object({
  ...targetVariables,
  ...processVariables,
  ...signInVariables,
  ...eventVariables,
  ...notificationVariables,
  ...operationVariables,
});
