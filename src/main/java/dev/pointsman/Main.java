package dev.pointsman;

/** Wiring only. */
public final class Main {
  private Main() {}

  /** Runs the command line. */
  public static void main(String[] args) {
    System.out.println(args.length);
  }
}
