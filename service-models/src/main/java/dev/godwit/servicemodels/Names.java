package dev.godwit.servicemodels;

import java.util.Locale;

/** How the members of a model are called in a request. */
enum Names {
  /** As the model has them. */
  OF_THE_WIRE {
    @Override
    String of(String member) {
      return member;
    }
  },
  /**
   * With a capital letter, whatever the model has: Step Functions developer guide, "Learning to use
   * AWS service SDK integrations"; read 2026-11-26.
   */
  OF_STATE_MACHINES {
    @Override
    String of(String member) {
      return member.substring(0, 1).toUpperCase(Locale.ROOT) + member.substring(1);
    }
  };

  /** The name of the model's {@code member}. */
  abstract String of(String member);
}
