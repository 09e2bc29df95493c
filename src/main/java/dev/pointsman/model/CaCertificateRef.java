package dev.pointsman.model;

/**
 * A reference to a ConfigMap or Secret in the referring object's namespace, whose {@code ca.crt} has CA certificates.
 *
 * @param kind ConfigMap or Secret
 */
public record CaCertificateRef(String kind, String name) {}
