import type { schema } from "../db/schema.ts";
import { controller, everyOrganization } from "../requests/controller.ts";

/** An invented controller in Germany, whose holidays move due days, and what its letters say of each retention policy. */
export function demoController(now: Date): typeof schema.privacyController.$inferInsert {
  const facts = controller.parse({
    name: "Sample Clinic (invented)",
    address: "Sample Street 1, 10000 Sampletown",
    contact: "privacy@clinic.example",
    dpoContact: "dpo@clinic.example",
    country: "DE",
    region: "BE",
    timeZone: "Europe/Berlin",
    language: "de",
    authority: "The supervisory authority of Sampletown (invented)",
    courtWording: "You may also go to court",
    policies: {
      standard: {
        basis: "contract",
        purposes: ["Running the account"],
        retentionWords: "seven years",
      },
      phi: {
        basis: "legal_obligation",
        purposes: ["Documenting treatment"],
        floorLaw: "§ 630f(3) BGB",
        retentionWords: "ten years after treatment",
      },
      minimal: { basis: "consent", purposes: ["Making search better"], retentionWords: "90 days" },
      confidential: { basis: "contract", purposes: ["Billing"], retentionWords: "five years" },
    },
  });
  return { organization: everyOrganization, facts, changedAt: now, changedByName: "demo" };
}
