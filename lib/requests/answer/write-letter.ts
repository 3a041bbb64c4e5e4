import { z } from "zod";
import { defineAdminAction } from "../../verbs/admin-action.ts";
import { requestObject } from "../life/request-verb.ts";
import { letterHtml } from "../package/letter/letter-html.ts";
import { letterPdf } from "../package/letter/letter-pdf.ts";
import { requireRequest, withRequestPerson } from "../read-request.ts";
import { requestNumber } from "../request-number.ts";
import { collectAnswer } from "./collect-answer.ts";
import { composeAnswer } from "./compose-answer.ts";
import { letterForms, letterTypes } from "./letter-forms.ts";

/**
 * Writes the answer to the person whose request was refused, wholly or in part, or who was erased, or whose erasure is held.
 * It is kept nowhere: it is written anew each time, as things stand, and each time is on record by the request's number.
 */
export const writeLetter = defineAdminAction({
  name: "request.write_letter",
  role: "privacy_officer",
  person: true,
  input: z.strictObject({ request: requestNumber, form: z.enum(letterForms).default("pdf") }),
  answer: z.strictObject({
    /** Of the file. */
    name: z.string(),
    mediaType: z.enum(Object.values(letterTypes)),
    content: z.base64(),
  }),
  object: requestObject,
  async run({ tx, now }, { request, form }) {
    const row = await requireRequest(tx, request);
    const letter = await withRequestPerson(tx, row, async (person) =>
      composeAnswer(await collectAnswer(tx, row, person, now)),
    );
    const file = form === "pdf" ? await letterPdf(letter, now) : Buffer.from(letterHtml(letter));
    return {
      data: {
        name: `request-${row.number}-letter.${form}`,
        mediaType: letterTypes[form],
        content: file.toString("base64"),
      },
      object: requestObject({ request }),
      facts: { form },
    };
  },
});
