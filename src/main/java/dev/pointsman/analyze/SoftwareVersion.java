package dev.pointsman.analyze;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A release by its three numbers. */
record SoftwareVersion(int major, int minor, int patch) {
  private static final Pattern TAG =
      Pattern.compile(":(?:\\w+-)?v?(\\d{1,4})\\.(\\d{1,4})(?:\\.(\\d{1,4}))?(?:[-+@].*)?$");

  /** The version in an image's tag; empty if it has another tag or a digest alone. */
  static Optional<SoftwareVersion> ofImage(String image) {
    Matcher tag = TAG.matcher(image);
    return tag.find()
        ? Optional.of(new SoftwareVersion(
            Integer.parseInt(tag.group(1)),
            Integer.parseInt(tag.group(2)),
            tag.group(3) == null ? 0 : Integer.parseInt(tag.group(3))))
        : Optional.empty();
  }

  boolean isBelow(SoftwareVersion other) {
    return major != other.major
        ? major < other.major
        : minor != other.minor ? minor < other.minor : patch < other.patch;
  }

  @Override
  public String toString() {
    return major + "." + minor + "." + patch;
  }
}
