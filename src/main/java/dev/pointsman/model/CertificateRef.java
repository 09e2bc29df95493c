package dev.pointsman.model;

/**
 * A reference to the holder of certificates: {@code ca.crt}, or {@code tls.crt} with {@code tls.key}.
 *
 * @param kind ConfigMap or Secret
 */
public record CertificateRef(String kind, String name) {}
