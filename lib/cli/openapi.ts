import { Command } from "commander";
import { openApiDocument } from "../api/openapi.ts";

export function openapiCommand(): Command {
  return new Command("openapi")
    .description("the API's description as OpenAPI 3.1, in JSON (the file openapi.json)")
    .action(() => {
      process.stdout.write(`${JSON.stringify(openApiDocument(), null, 2)}\n`);
    });
}
