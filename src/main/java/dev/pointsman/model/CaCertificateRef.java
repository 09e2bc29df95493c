package dev.pointsman.model;

/**
 * Names a ConfigMap or Secret in the namespace of whoever refers to it, whose {@code ca.crt} holds CA certificates.
 *
 * @param kind ConfigMap or Secret
 */
public record CaCertificateRef(String kind, String name) {}
