/** A page that fails takes nothing else with it. */
import type { ReactNode } from "react";
import { Component } from "react";
import { PageHeader } from "../parts/layout.tsx";
import { Failed } from "../parts/states.tsx";

type State = { readonly error: unknown };

export class FaultBoundary extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: unknown): State {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <>
        <PageHeader title="This page failed" />
        <Failed error={error} retry={() => this.setState({ error: null })} />
      </>
    );
  }
}
