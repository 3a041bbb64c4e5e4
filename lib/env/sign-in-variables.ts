import { z } from "zod";

/** Who may sign in, and how. */
export const signInVariables = {
  ADMIN_EMAIL: z
    .email()
    .optional()
    .describe("The first administrator's address (first start only). Default `admin@localhost`."),
  ADMIN_PASSWORD: z
    .string()
    .min(12, "must have at least 12 characters")
    .optional()
    .describe(
      "The first administrator's password (first start only). Unset: a one-time password is printed.",
    ),
  NEXTAUTH_SECRET: z
    .string()
    .min(32, "must have at least 32 characters")
    .optional()
    .describe("Signs sessions. Required with `CONSOLE_DATABASE_URL`; generated under `DATA_DIR` otherwise."),
  NEXTAUTH_URL: z.url().optional().describe("The address people use. Default `http://HOST:PORT`."),
  NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: z
    .string()
    .optional()
    .describe(
      "Keeps server-action ids stable between builds and processes (base64, 32 bytes). Required at build with `CONSOLE_DATABASE_URL`.",
    ),
  OIDC_ISSUER: z
    .url()
    .optional()
    .describe("Issuer of an OpenID Connect provider; adds its button to the sign-in page."),
  OIDC_CLIENT_ID: z.string().optional().describe("Client id at that provider."),
  OIDC_CLIENT_SECRET: z.string().optional().describe("Client secret at that provider."),
  OIDC_NAME: z.string().default("Single sign-on").describe("Label of its button."),
  OIDC_DEFAULT_ROLE: z
    .enum(["viewer", "operator", "privacy_officer", "admin"])
    .default("viewer")
    .describe("Role of a person who signs in through it for the first time."),
};

export type Role = "viewer" | "operator" | "privacy_officer" | "admin";
