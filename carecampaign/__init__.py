"""CareCampaign: plan winter outreach, keep its stock, log every care package handed out."""
