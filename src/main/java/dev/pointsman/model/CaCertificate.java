package dev.pointsman.model;

/**
 * The {@code ca.crt} of a ConfigMap or Secret.
 *
 * @param pem one or more certificates, validated
 */
public record CaCertificate(String namespace, CaCertificateRef ref, String pem) {}
