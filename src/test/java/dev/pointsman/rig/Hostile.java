package dev.pointsman.rig;

import java.io.IOException;

/**
 * All that a hostile tenant runs, in one process: a pod of a model server on 8000, an endpoint picker on 9002, an
 * external authorizer on 9003. The header {@value #ATTACK} of a request says which attack is to be tried with it.
 *
 * <p>The argument is the address at which the pod is reached.
 */
public final class Hostile {
  /** The request header with the name of the attack; without it all parts behave well. */
  public static final String ATTACK = "x-attack";

  /** The name of the hostile pod in {@code x-served-by}. */
  public static final String POD = "evil-pod";

  /** The value of {@code x-served-by} in a forged answer. */
  public static final String FORGED = "evil-forged";

  private Hostile() {}

  /** Runs until its input ends; says {@link Stub#READY} once all parts listen. */
  public static void main(String[] args) throws IOException {
    Stub.begin();
    HostilePod.start(8000);
    HostilePicker.start(9002, args[0] + ":8000");
    HostileAuthorizer.start(9003);
    Stub.ready();
  }
}
