import { type CapabilityCheck, examineUrl } from "../capability.ts";

/** What the encryption and the erasure of people's data rest on. */
export const privacyCapabilities: CapabilityCheck[] = [
  {
    id: "privacy_url",
    area: "connections",
    title: "Privacy connection",
    purpose: "Erasure that nulls ciphertext.",
    needs: "A login with the role audit_privacy",
    examine: examineUrl("privacy", "AUDIT_PRIVACY_URL", "audit_privacy"),
  },
  {
    id: "personal_data",
    area: "console",
    title: "Personal data in events",
    purpose: "Encrypts the people in events, each under their own key, so that one can be erased.",
    needs: "A master key file, the same for every process",
    examine: ({ configured }) => ({
      state: configured.vaultProblem === null ? "present" : "missing",
      evidence: configured.vaultProblem ?? "MASTER_KEY_FILE is readable and has an active key",
      enable: "audit-db vault init /etc/audit-db/master-keys.json  # then set MASTER_KEY_FILE to it",
    }),
  },
];
