import document from "@/openapi.json";

/** The same file that is checked in; a test keeps it current. */
export function GET(): Response {
  return Response.json(document);
}
