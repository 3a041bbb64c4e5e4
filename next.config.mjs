/** @type {import("next").NextConfig} */
export default {
  poweredByHeader: false,
  reactStrictMode: true,
  // Native modules and the database drivers are loaded from node_modules at run time, never bundled.
  serverExternalPackages: [
    "@node-rs/argon2",
    "@zip.js/zip.js",
    "postgres",
    "pg",
    "pg-boss",
    "pdfkit",
    "pino",
    "pino-pretty",
    "prom-client",
    "ioredis",
    "rate-limiter-flexible",
    "date-holidays",
  ],
  // Types are checked by npm test and npm run verify; checking them again would make every first start wait.
  typescript: { ignoreBuildErrors: true },
  agentRules: false,
  // The limit of lib/door/refuse-action.ts, which refuses a larger input before it is read.
  experimental: { serverActions: { bodySizeLimit: "64kb" } },
};
