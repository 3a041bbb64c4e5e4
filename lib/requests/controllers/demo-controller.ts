import type { Controller } from "../controller.ts";

/** Of the demo: an invented clinic group and its invented recipients. */
export const demoController: Controller = {
  name: "Demo Clinics",
  address: "1 Example Street, 10115 Berlin",
  contact: "privacy@demo-clinics.example",
  dpoContact: "dpo@demo-clinics.example",
  country: "DE",
  region: "BE",
  timeZone: "Europe/Berlin",
  language: "en",
  authority: "The data protection commissioner of the Land (invented), 10969 Berlin",
  courtWording: "the administrative court at the controller's seat",
  policies: {
    standard: {
      basis: "legitimate_interest",
      purposes: ["security of the service", "proof of what was done"],
      floorLaw: null,
      retentionWords: "seven years after the event",
    },
    phi: {
      basis: "legal_obligation",
      purposes: ["documentation of treatment"],
      floorLaw: "the law on medical records (invented)",
      retentionWords: "seven years after the event, by law",
    },
    minimal: {
      basis: "consent",
      purposes: ["improving search and pages"],
      floorLaw: null,
      retentionWords: "three months after the event",
    },
    confidential: {
      basis: "contract",
      purposes: ["billing and its disputes"],
      floorLaw: "commercial and tax law (invented)",
      retentionWords: "five years after the event",
    },
  },
  recipients: ["Example Hosting (invented), who runs the servers", "Sample Billing (invented)"],
  sources: ["the clinic that you visited"],
  transfers: [],
  automatedDecisions: null,
};
