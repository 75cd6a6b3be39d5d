/** The accounts server (PROTOCOL E.3): tokens, their end, consent, the profile. */
import { limits } from "../core/limits.ts";
import type { TokenError } from "../core/principal.ts";
import { throttledText } from "../wire/token-answer.ts";
import type { Answers, Content, Descriptions } from "./description.ts";
import { jsonAnswer } from "./description.ts";
import { formAnswers, formBody, ownErrors } from "./own-errors.ts";
import { query, required } from "./parameters.ts";
import type { Properties } from "./schema.ts";
import { count, either, given, id, noted, ref, shape, text, uri, word } from "./schema.ts";

/** Every error but throttling, which has a form of its own. */
const tokenErrors: Record<Exclude<TokenError, "throttled">, true> = {
  invalid_client: true,
  invalid_client_secret: true,
  invalid_code: true,
  invalid_redirect_uri: true,
  invalid_scope: true,
  invalid_soid: true,
  unauthorized_client: true,
  unsupported_grant_type: true,
};

const tokenParameters: Properties = {
  grant_type: word("refresh_token", "authorization_code", "client_credentials"),
  client_id: text(),
  client_secret: text(),
  refresh_token: noted(text(), "For the grant of its name."),
  code: noted(text(), "For authorization_code; good once."),
  redirect_uri: noted(text(), "For authorization_code; the registered one, when it is there."),
  scope: noted(text(), "For client_credentials: scopes, separated by commas or blanks."),
  soid: noted(text(), "For client_credentials: ZohoCRM. and the org's zgid."),
};

export const accountSchemas: Properties = {
  TokenRequest: given(tokenParameters),
  Token: shape(
    {
      access_token: text(),
      refresh_token: noted(text(), "Of a grant that gives one."),
      scope: noted(text(), "The scopes granted, separated by blanks."),
      api_domain: noted(uri, "The origin of this server."),
      token_type: word("Bearer"),
      expires_in: noted(count({ min: 1 }), "Seconds."),
    },
    ["refresh_token"],
  ),
  TokenError: shape({ error: word(...Object.keys(tokenErrors)) }),
  Throttled: shape({ error: word("Access Denied"), error_description: word(throttledText), status: word("failure") }),
};

const page: Content = { mediaType: "text/html", schema: text() };
const overwhelmed: Answers = {
  429: { about: "Too many wrong passwords.", contents: [page] },
  503: { about: "Too many people sign in, or too much work.", contents: [page, ...(ownErrors("overloaded").contents ?? [])] },
};

export const accountDescriptions = {
  "/oauth/v2/token": {
    POST: {
      id: "issueToken",
      tag: "Accounts",
      summary: "An access token for a grant",
      about:
        "Parameters come in a form, in the query string, or both. What is refused is told with status 200, for that is what clients read.",
      parameters: Object.entries(tokenParameters).map(([name, schema]) => query(name, schema, "As in the form.")),
      body: formBody(ref("TokenRequest"), false),
      answers: {
        200: jsonAnswer("The token, or why there is none.", either(ref("Token"), ref("TokenError"))),
        400: jsonAnswer("Too many tokens within ten minutes.", ref("Throttled")),
        ...formAnswers,
      },
    },
  },
  "/oauth/v2/token/revoke": {
    POST: {
      id: "revokeToken",
      tag: "Accounts",
      summary: "Ends a token",
      parameters: [query("token", text(), "A refresh token or an access token.")],
      body: formBody(given({ token: text() }), false),
      answers: {
        200: jsonAnswer("It has ended.", shape({ status: word("success") })),
        400: jsonAnswer("It is no token.", shape({ error: word("invalid_code") })),
        ...formAnswers,
      },
    },
  },
  "/oauth/v2/auth": {
    GET: {
      id: "askForConsent",
      tag: "Accounts",
      summary: "The page on which a user signs in for an application",
      parameters: [
        required(query("client_id", text(), "The application.")),
        required(query("redirect_uri", text(), "To the letter, the registered one.")),
        required(query("scope", text(), "Scopes, separated by commas or blanks.")),
        required(query("response_type", word("code"), "Nothing else is known.")),
        query("access_type", text(), "offline gives a refresh token besides."),
        query("state", text(), "Comes back as it is."),
        query("prompt", text(), "Read, and changes nothing."),
      ],
      answers: { 200: { about: "The page.", contents: [page] }, 400: { about: "What is wrong with the request.", contents: [page] } },
    },
    POST: {
      id: "answerConsentForm",
      tag: "Accounts",
      summary: "The forms of that page",
      body: formBody(
        given({ ticket: text(), email: text(), password: text(limits.passwordCharsMax), decision: word("accept", "deny") }, ["ticket"]),
        true,
      ),
      answers: {
        200: { about: "The page on which the user agrees, or not.", contents: [page] },
        302: { about: "Back to the application, with code or error, and state.", headers: { Location: "The registered address." } },
        400: { about: "A form that is not of use.", contents: [page] },
        403: { about: "A wrong password, or a form from another site.", contents: [page] },
        ...overwhelmed,
      },
    },
  },
  "/oauth/user/info": {
    GET: {
      id: "showCaller",
      tag: "Accounts",
      summary: "Whose access token it is",
      isForAnyToken: true,
      answers: {
        200: jsonAnswer("The user.", shape({ First_Name: text(), Last_Name: text(), Email: text(), Display_Name: text(), ZUID: id })),
        401: jsonAnswer("It is no access token.", shape({ error: word("invalid_token") })),
      },
    },
  },
} satisfies Descriptions;
