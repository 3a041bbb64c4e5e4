import { z } from "zod";
import { trimmedInput } from "../inputs.ts";

export const approvalIdInput = z.uuid("is not a request's id");
export const commentInput = trimmedInput(500);
