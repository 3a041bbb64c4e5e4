import { eq } from "drizzle-orm";
import { z } from "zod";
import { schema } from "../../db/schema.ts";
import { AppError } from "../../errors.ts";
import { defineAdminAction } from "../../verbs/admin-action.ts";
import { writeRequestEvent } from "../move-request.ts";
import { requireRequest, withRequestPerson } from "../read-request.ts";
import { requestNumber } from "../request-number.ts";
import { passphrasePlace } from "./begin-package.ts";
import { requireReady } from "./find-package.ts";

/**
 * What opens a package, shown once to whoever sends it to the person by another way than the package. Until then it stands
 * sealed under the request's key; from then on nowhere.
 */
export const showPackagePassphrase = defineAdminAction({
  name: "request.show_package_passphrase",
  role: "privacy_officer",
  person: true,
  reauthenticate: "/account/prove",
  input: z.strictObject({ request: requestNumber }),
  answer: z.strictObject({ passphrase: z.string() }),
  object: ({ request }) => ({ type: "request", id: String(request) }),
  async run({ tx, actor, now }, { request }) {
    const row = await requireRequest(tx, request);
    const { id, passphrase: sealed } = await requireReady(tx, row);
    if (!sealed)
      throw new AppError("CONFLICT", "The passphrase of this package was shown already, once.", {
        hint: "If it is lost, have the package made again (remakePackage).",
      });
    const passphrase = await withRequestPerson(tx, row, async (_, key) =>
      key.open(passphrasePlace(id), sealed).toString(),
    );
    await tx.update(schema.requestPackage).set({ passphrase: null }).where(eq(schema.requestPackage.id, id));
    await writeRequestEvent(tx, row, { kind: "package_passphrase", actor, now, facts: { package: id } });
    return {
      data: { passphrase },
      object: { type: "request", id: String(request) },
      facts: { package: id },
    };
  },
});
