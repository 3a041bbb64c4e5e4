import { writeFile } from "node:fs/promises";
import path from "node:path";
import { type Command, Option } from "commander";
import { AppError } from "../../errors.ts";
import { type LetterForm, letterForms } from "../../requests/answer/letter-forms.ts";
import { action, type CliContext } from "../command.ts";
import { codeOf, explainFile } from "../events/export-file.ts";
import { runVerb } from "../verbs/run-verb.ts";
import { requestNumberOf } from "./privacy-requests.ts";

interface LetterOptions {
  form: LetterForm;
  out?: string;
}

/** `privacy letter`: the answer to a person who was refused, or erased, or whose erasure waits. */
export function addLetterCommand(command: Command): void {
  command
    .command("letter <number>")
    .description(
      "write the answer to the person: a refusal with its ground and remedies, what an erasure did, or why it waits; on record",
    )
    .addOption(new Option("--form <form>", "of the letter").choices(letterForms).default("pdf"))
    .option("--out <file>", "a new file; by the request's number in this folder unless given")
    .action(action<LetterOptions>(saveLetter));
}

async function saveLetter(
  context: CliContext,
  { form, out: given }: LetterOptions,
  [request]: string[],
): Promise<void> {
  const { out } = context;
  const { name, content } = await runVerb(context, "writeLetter", {
    request: requestNumberOf(request),
    form,
  });
  const file = path.resolve(given ?? name);
  const bytes = Buffer.from(content, "base64");
  await writeFile(file, bytes, { flag: "wx", mode: 0o600 }).catch((thrown: unknown) => {
    if (codeOf(thrown) === "EEXIST") throw new AppError("CONFLICT", `${file} is there already.`);
    throw explainFile(thrown, file) ?? thrown;
  });
  out.document({ file, bytes: bytes.length });
  out.line(`${file}: ${bytes.length} bytes. It names the person: send it, then delete it here.`);
}
