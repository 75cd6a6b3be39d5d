/**
 * The headers of the recorded v2.1 answers (`seeds/`, E.6), in the three sets that were recorded: an answer to an authenticated
 * request, a refusal of the caller (401), and a refusal of the URL or the method.
 */

const jsonType = ["Content-Type", "application/json;charset=UTF-8"];
const security = [
  "Referrer-Policy",
  "strict-origin",
  "X-Content-Type-Options",
  "nosniff",
  "X-XSS-Protection",
  "1; mode=block",
  "Pragma",
  "no-cache",
  "Cache-Control",
  "no-cache",
  "Expires",
  "Thu, 01 Jan 1970 00:00:00 GMT",
  "X-Frame-Options",
  "SAMEORIGIN",
];
/** Clients ignore both; the recording has a build number and a build hash here. */
const clientVersions = ["clientVersion", "1", "clientsubVersion", "00000000000000000000000000000001"];
const languageHeaders = ["Content-Language", "en-US", "Vary", "accept-encoding"];
const transportSecurity = ["Strict-Transport-Security", "max-age=63072000"];

export type CrmHeaders = {
  /** Of an answer to an authenticated request; the session adds its own X-ACCESSTOKEN-RESET. */
  readonly served: readonly string[];
  /** The same without a body (204). */
  readonly servedEmpty: readonly string[];
  /** Of a 401, and of a fault. */
  readonly refusedCaller: readonly string[];
  /** Of an unknown path or a method that the path does not take. */
  readonly refusedTarget: readonly string[];
};

/** The three sets; HSTS only where clients come by https, since a browser would remember it. */
export function crmHeaders({ isHttps }: { readonly isHttps: boolean }): CrmHeaders {
  const transport = isHttps ? transportSecurity : [];
  const servedEmpty = [...security, ...clientVersions, ...languageHeaders, ...transport];
  return {
    served: [...jsonType, ...servedEmpty, "Content-Disposition", "attachment; filename=response.json"],
    servedEmpty,
    refusedCaller: [...jsonType, ...security, "X-Download-Options", "noopen", ...transport],
    refusedTarget: [
      ...jsonType,
      "X-Frame-Options",
      "deny",
      "X-Download-Options",
      "noopen",
      "X-Content-Type-Options",
      "nosniff",
      ...transport,
    ],
  };
}
