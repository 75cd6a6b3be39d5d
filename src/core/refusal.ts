/**
 * A refusal says that the caller asked for what cannot be. It is a value: returned item by item, and given its wire form
 * (status, code, message, details) by `wire/error-codes.ts`, which does not compile until every code here has one.
 */

/** Where in the request the fault lies: `["watch", 0, "token"]` is `$.watch[0].token`. */
export type Path = readonly (string | number)[];

export type RefusalCode =
  /** A key that must be there is absent or null. `path`. */
  | "mandatory_missing"
  /** A value of the wrong type, length or set. `path`, and one of `expectedType`, `maximumLength`, `supportedValues`, or none. */
  | "value_invalid"
  /** One of several keys had to be given. `paths`. */
  | "one_of_missing"
  /** Two keys contradict each other. `paths`. */
  | "ambiguous"
  /** A key was given without the one it depends on. `path` is the given one, `dependee` the absent one. */
  | "dependent_missing"
  /** The channel is not there, or has expired. */
  | "not_subscribed"
  /** No such record. `id`. */
  | "record_unknown"
  /** No such record to delete, in a list. `id`. */
  | "record_not_deleted"
  /** An id in the path that names nothing. `pathIndex`. */
  | "id_unknown_in_path"
  /** An id in the path that is no id. `pathIndex`. */
  | "id_malformed_in_path"
  /** A unique value that another record has. `path`, `id` of that record. */
  | "duplicate"
  /** No such module. `pathIndex`, or `param` when it was named by a query parameter. */
  | "module_invalid"
  /** The module is known but takes no part in this API. `pathIndex` or `param`. */
  | "module_not_supported"
  /** A query parameter that must be there is absent. `param`. */
  | "param_missing"
  /** A query parameter whose value makes no sense. `param`. */
  | "param_invalid"
  /** A parameter with more entries than it may have. `param`, `limit`. */
  | "param_limit"
  /** More items in the body than one request may have. `path`, `limit`. */
  | "too_many_items"
  /** Rows beyond what pages alone reach. `limit`. */
  | "page_limit"
  /** The body is no JSON object. */
  | "body_malformed"
  /** The body is larger than the server reads. `limit` in bytes. */
  | "body_too_large"
  /** The caller may not do this. */
  | "not_permitted"
  /** No access token, or a header that cannot be read. */
  | "unauthenticated"
  /** An access token that is unknown, expired or revoked. */
  | "token_invalid"
  /** The token lacks the scope. */
  | "scope_mismatch"
  /** The path exists, the method does not. */
  | "method_invalid"
  /** No such path. */
  | "url_invalid"
  /** A part of the real API that is left out here on purpose. */
  | "not_supported"
  /** The server cannot take more work now. */
  | "overloaded"
  /** A fault of ours; nothing of the inside is told. */
  | "internal";

export type Refusal = {
  readonly code: RefusalCode;
  readonly path?: Path;
  readonly paths?: readonly Path[];
  readonly dependee?: Path;
  /** The wire's name of the data type that was expected, such as "boolean" or "jsonobject". */
  readonly expectedType?: string;
  readonly maximumLength?: number;
  readonly supportedValues?: readonly string[];
  readonly id?: string;
  readonly param?: string;
  readonly pathIndex?: number;
  readonly limit?: number;
};
