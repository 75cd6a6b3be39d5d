/** Scopes, one under the other. */
export function ScopeList({ scopes }: { readonly scopes: readonly string[] }) {
  return (
    <span className="wp-mono">
      {scopes.map((scope) => (
        <span key={scope}>
          {scope}
          <br />
        </span>
      ))}
    </span>
  );
}
