import java.io.FileInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;

/** Checks a detached CMS in the identifiers of GM/T 0010. Arguments: the CMS, the signed bytes, the authority (DER). */
public class GmVerify {
  public static void main(String[] arguments) throws Exception {
    Security.addProvider(new BouncyCastleProvider());
    byte[] content = Files.readAllBytes(Path.of(arguments[1]));
    CMSSignedData signed =
        new CMSSignedData(
            new CMSProcessableByteArray(
                new ASN1ObjectIdentifier("1.2.156.10197.6.1.4.2.1"), content),
            Files.readAllBytes(Path.of(arguments[0])));
    CertificateFactory factory = CertificateFactory.getInstance("X.509", "BC");
    X509Certificate authority;
    try (FileInputStream file = new FileInputStream(arguments[2])) {
      authority = (X509Certificate) factory.generateCertificate(file);
    }
    System.out.println("content " + signed.getSignedContentTypeOID());
    for (SignerInformation signer : signed.getSignerInfos().getSigners()) {
      X509CertificateHolder holder =
          (X509CertificateHolder) signed.getCertificates().getMatches(signer.getSID()).iterator().next();
      X509Certificate certificate =
          (X509Certificate)
              factory.generateCertificate(new java.io.ByteArrayInputStream(holder.getEncoded()));
      certificate.verify(authority.getPublicKey(), "BC");
      System.out.println("digest " + signer.getDigestAlgOID());
      System.out.println("signature " + signer.getEncryptionAlgOID());
      boolean isValid;
      try {
        isValid = signer.verify(new JcaSimpleSignerInfoVerifierBuilder().setProvider("BC").build(certificate));
      } catch (org.bouncycastle.cms.CMSException refused) {
        isValid = false;
      }
      System.out.println(isValid ? "valid" : "invalid");
    }
  }
}
